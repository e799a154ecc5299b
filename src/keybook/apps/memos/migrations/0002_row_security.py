"""A memo follows its customer and is never rewritten; look-ups are for compliance, referrals for the customer's own banker.

Three functions run as their owner, so that row security does not hide what they must see. Each takes the reader's scope
from the settings of the transaction, never from the caller, and tells no more than it says here.
"""

from django.db import migrations

from keybook.apps.people.row_security import on_columns, on_customer, policies, unbind
from keybook.database import WEB_ROLE

APPEND_ONLY = True
ME = "(SELECT NULLIF(current_setting('keybook.staff', true), '')::bigint)"
EVERYTHING = "(SELECT current_setting('keybook.everything', true)) = 'on'"
TABLES = [
    ("memos_memo", f"{on_customer()} OR (customer_id IS NULL AND staff_id = {ME})", not APPEND_ONLY),
    ("memos_lookup", EVERYTHING, not APPEND_ONLY),
    ("memos_referral", on_customer(), not APPEND_ONLY),
]
RIGHTS = f"""
REVOKE UPDATE, DELETE ON memos_memo FROM {WEB_ROLE};
GRANT UPDATE (undone_at) ON memos_memo TO {WEB_ROLE};
REVOKE INSERT, UPDATE, DELETE ON memos_lookup, memos_referral FROM {WEB_ROLE};
"""
INSIDE = on_columns(rm="c.rm_id", branch="c.branch_id", customer="c.id")
# The customers outside the scope who have this phone: the key finds them, the number itself decides.
ELSEWHERE = f"""
    SELECT DISTINCT c.id, c.rm_id, c.currency FROM customers_searchkey k JOIN customers_customer c ON c.id = k.customer_id
    WHERE k.key = digits AND c.stage <> 'closed'
      AND right(regexp_replace(c.phone, '[^0-9]', '', 'g'), length(digits)) = digits AND NOT COALESCE({INSIDE}, false)"""
HEAD = "LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$"
ASK = f"""
CREATE FUNCTION keybook_known_elsewhere(digits text, most integer) RETURNS boolean {HEAD}
DECLARE
    me bigint := NULLIF(current_setting('keybook.staff', true), '')::bigint;
    asked text := encode(sha256(convert_to(digits, 'UTF8')), 'hex');
    answer boolean;
BEGIN
    IF me IS NULL OR length(digits) < 7 OR digits !~ '^[0-9]+$' THEN
        RETURN NULL;
    END IF;
    answer := EXISTS ({ELSEWHERE});
    -- The same question within ten minutes is one look-up: a draft is drawn anew with every word.
    IF EXISTS (SELECT 1 FROM memos_lookup l WHERE l.staff_id = me AND l.digest = asked AND l.at > now() - interval '10 minutes') THEN
        RETURN answer;
    END IF;
    IF (SELECT count(*) FROM memos_lookup l WHERE l.staff_id = me AND l.at > now() - interval '1 hour') >= most THEN
        RETURN NULL;
    END IF;
    INSERT INTO memos_lookup (staff_id, at, digest, tail, found) VALUES (me, now(), asked, right(digits, 4), answer);
    INSERT INTO audit_view (staff_id, customer_id, at, page, why, request_id)
    SELECT me, e.id, now(), 'lookup', '', COALESCE(
        (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb->>'request')::uuid, gen_random_uuid())
    FROM ({ELSEWHERE}) e;
    RETURN answer;
END $$;
"""
REFER = f"""
CREATE FUNCTION keybook_refer(digits text, words text, due date, sent uuid) RETURNS boolean {HEAD}
DECLARE
    me bigint := NULLIF(current_setting('keybook.staff', true), '')::bigint;
    asked text := encode(sha256(convert_to(digits, 'UTF8')), 'hex');
    one record;
    made bigint;
BEGIN
    IF EXISTS (SELECT 1 FROM memos_referral r WHERE r.client_key = sent AND r.from_staff_id = me) THEN
        RETURN true;
    END IF;
    -- Only what was looked up, counted and written down lately can be referred.
    IF NOT EXISTS (SELECT 1 FROM memos_lookup l WHERE l.staff_id = me AND l.digest = asked AND l.found
                   AND l.at > now() - interval '1 hour') THEN
        RETURN false;
    END IF;
    SELECT * INTO one FROM ({ELSEWHERE}) e WHERE e.rm_id IS NOT NULL ORDER BY e.id LIMIT 1;
    IF one.id IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO reminders_promise (customer_id, staff_id, text, asked_on, due_on, direction, state)
    VALUES (one.id, one.rm_id, left(words, 200), due, due, 'forward', 'open') RETURNING id INTO made;
    INSERT INTO reminders_reminder (customer_id, cause, kind, key, opens_on, due_on, stake, currency, facts, evidence,
        rule_version, state, reason, promise_id)
    VALUES (one.id, 'promise', 'promise', made::text, due, due, 0, one.currency,
        jsonb_build_object('text', left(words, 200), 'made_on', (now() AT TIME ZONE 'UTC')::date::text), '[]', '', 'open', '', made);
    INSERT INTO memos_referral (customer_id, from_staff_id, at, promise_id, client_key) VALUES (one.id, me, now(), made, sent);
    RETURN true;
END $$;
"""
MOVE = f"""
CREATE FUNCTION keybook_move_history(prospect bigint, customer bigint) RETURNS integer {HEAD}
DECLARE
    moved integer;
    more integer;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM customers_match m WHERE m.prospect_id = prospect AND m.customer_id = customer AND m.state = 'offered')
       OR (SELECT count(*) FROM customers_customer c WHERE c.id IN (prospect, customer) AND ({INSIDE})) <> 2 THEN
        RAISE EXCEPTION 'These two are not offered for joining.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE interactions_interaction SET customer_id = customer WHERE customer_id = prospect;
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE memos_memo SET customer_id = customer WHERE customer_id = prospect;
    GET DIAGNOSTICS more = ROW_COUNT;
    RETURN moved + more;
END $$;
"""
NAMES = (
    "keybook_known_elsewhere(text, integer)", "keybook_refer(text, text, date, uuid)",
    "keybook_move_history(bigint, bigint)",
)  # fmt: skip
GRANTS = "\n".join(
    f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {name} TO {WEB_ROLE};" for name in NAMES
)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_row_security"), ("customers", "0006_row_security"), ("people", "0004_access_function"),
        ("interactions", "0005_confidential_rows"), ("memos", "0001_initial"), ("reminders", "0006_days_row_security"),
    ]  # fmt: skip
    operations = [
        *[
            migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
            for table, inside, append_only in TABLES
        ],
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        *[
            migrations.RunSQL(statement, f"DROP FUNCTION {name}")
            for statement, name in zip((ASK, REFER, MOVE), NAMES, strict=True)
        ],
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]
