-- Bring the table to what the job found: rows that stay keep their number; what is no longer there is gone.
WITH found AS (
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
        subject text, key text, domain text, unit_id integer, unit_ids integer[], severity text, rank double precision,
        since timestamptz, until timestamptz, who text, facts jsonb, url text)
), gone AS (
    DELETE FROM derived.attention a
    WHERE NOT EXISTS (SELECT FROM found f WHERE f.subject = a.subject AND f.key = a.key)
    RETURNING 1
), written AS (
    INSERT INTO derived.attention AS a
        (subject, key, domain, unit_id, unit_ids, severity, rank, since, until, who, facts, url, computed_at)
    SELECT subject, key, domain, unit_id, unit_ids, severity, rank, since, until, who, facts, url, :now FROM found
    ON CONFLICT (subject, key) DO UPDATE SET
        domain = excluded.domain, unit_id = excluded.unit_id, unit_ids = excluded.unit_ids,
        severity = excluded.severity, rank = excluded.rank, since = excluded.since, until = excluded.until,
        who = excluded.who, facts = excluded.facts, url = excluded.url, computed_at = excluded.computed_at
    RETURNING xmax = 0 AS fresh
)
SELECT (SELECT count(*) FROM written) AS lines, (SELECT count(*) FROM written WHERE fresh) AS fresh,
       (SELECT count(*) FROM gone) AS gone
