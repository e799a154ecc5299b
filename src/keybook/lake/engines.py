"""The two engines that run the lake's Ibis expressions over the same Parquet: DuckDB here, Spark on a cluster."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from keybook.lake.contract import FEEDS
from keybook.lake.store import written_aside

Table = Any  # an ibis.Table; Ibis ships no types that mypy could follow here
FILE_DATE = pa.field("file_date", pa.date32())


class Engine(Protocol):
    """What the lake needs of an engine; the expressions themselves are Ibis and know none."""

    name: str

    def read(self, files: Sequence[Path]) -> Table:
        """The rows of Parquet files of one schema."""
        ...

    def put(self, name: str, rows: pa.Table) -> Table:
        """A small Arrow table as a table of the engine."""
        ...

    def keep(self, name: str, table: Table) -> Table:
        """Compute a table once and hold it under that name."""
        ...

    def write(self, table: Table, path: Path) -> None:
        """Write a table as one Parquet file, aside and then renamed."""
        ...

    def fetch(self, table: Table) -> pa.Table:
        """The rows themselves."""
        ...


class _Scratch:
    """A folder of the engine's own that goes with it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="keybook-lake-"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back what the engine held."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _stored(self, name: str, rows: pa.Table) -> Path:
        path = self.folder / f"{name}.parquet"
        pq.write_table(rows, path)
        return path


class DuckEngine(_Scratch):
    """DuckDB in this process; what does not fit into `memory` is spilt into the scratch folder."""

    name = "duckdb"

    def __init__(self, *, memory: str = "2GB", threads: int = 2) -> None:
        super().__init__()
        self.connection = ibis.duckdb.connect(
            ":memory:",
            memory_limit=memory,
            threads=threads,
            temp_directory=str(self.folder / "spill"),
            preserve_insertion_order=False,
        )
        self.connection.raw_sql("SET TimeZone = 'UTC'")

    def read(self, files: Sequence[Path]) -> Table:
        """The rows of Parquet files of one schema."""
        return self.connection.read_parquet([str(path) for path in files], hive_partitioning=False)

    def put(self, name: str, rows: pa.Table) -> Table:
        """A small Arrow table as a table of the engine."""
        return self.read([self._stored(name, rows)])

    def keep(self, name: str, table: Table) -> Table:
        """Compute a table once and hold it under that name."""
        self.connection.raw_sql(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {self.connection.compile(table)}')
        return self.connection.table(name, database="temp.main")

    def write(self, table: Table, path: Path) -> None:
        """Write a table as one Parquet file, aside and then renamed."""
        with written_aside(path) as aside:
            self.connection.to_parquet(table, str(aside), compression="zstd")

    def fetch(self, table: Table) -> pa.Table:
        """The rows themselves."""
        return self.connection.to_pyarrow(table)

    def close(self) -> None:
        """Give back what the engine held."""
        self.connection.disconnect()
        super().close()


class SparkEngine(_Scratch):
    """Spark, here with two local cores; on a cluster the session's own settings say where."""

    name = "spark"

    def __init__(self, *, master: str = "local[2]") -> None:
        super().__init__()
        os.environ.setdefault("SPARK_LOCAL_HOSTNAME", "localhost")
        from pyspark.sql import SparkSession  # the extra keybook[spark]

        session = (
            SparkSession.builder.master(master)
            .appName("keybook-lake")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.default.parallelism", "2")
            .config("spark.sql.warehouse.dir", str(self.folder / "warehouse"))
            .config("spark.sql.legacy.parquet.nanosAsLong", "true")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.parquet.inferTimestampNTZ.enabled", "true")
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("ERROR")
        self.session = session
        self.connection = ibis.pyspark.connect(session)
        self._kept = 0

    def read(self, files: Sequence[Path]) -> Table:
        """The rows of Parquet files of one schema."""
        frame = self.session.read.parquet(*[str(path) for path in files])
        return self._view("read", frame)

    def put(self, name: str, rows: pa.Table) -> Table:
        """A small Arrow table as a table of the engine."""
        return self.read([self._stored(name, rows)])

    def keep(self, name: str, table: Table) -> Table:
        """Compute a table once and hold it under that name."""
        path = self.folder / f"{name}.kept"
        self.session.sql(self.connection.compile(table)).write.mode("overwrite").parquet(str(path))
        return self._view(name, self.session.read.parquet(str(path)))

    def write(self, table: Table, path: Path) -> None:
        """Write a table as one Parquet file, aside and then renamed."""
        folder = self.folder / "out"
        frame = self.session.sql(self.connection.compile(table))
        frame.coalesce(1).write.mode("overwrite").parquet(str(folder))
        [part] = folder.glob("part-*.parquet")
        with written_aside(path) as aside:
            shutil.move(part, aside)

    def fetch(self, table: Table) -> pa.Table:
        """The rows themselves."""
        return self.session.sql(self.connection.compile(table)).toArrow()

    def close(self) -> None:
        """Give back what the engine held."""
        self.session.stop()
        super().close()

    def _view(self, name: str, frame: Any) -> Table:
        self._kept += 1
        view = f"kb_{name}_{self._kept}"
        frame.createOrReplaceTempView(view)
        return self.connection.table(view)


def read_feed(engine: Engine, feed: str, files: Sequence[Path]) -> Table:
    """All rows of a feed's checked files with their `file_date`; an empty table if there are none."""
    if files:
        return engine.read(files)
    schema = FEEDS[feed].arrow_schema.append(FILE_DATE)
    return engine.put(f"no_{feed}", schema.empty_table())


def days_before(date: dt.date, days: int) -> dt.date:
    """The day so many days before, or after if negative."""
    return date - dt.timedelta(days=days)
