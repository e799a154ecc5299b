"""The bank's data in columns: feeds in, dated snapshots, features and signals out."""
