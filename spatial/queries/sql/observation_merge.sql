-- Values of a load into core.observation; gives the number of rows inserted or changed. A value that is as stored keeps
-- what the roll-up said about it beside its network ({staging} knows the file alone). Every change asks for a roll-up.
WITH written AS (
    INSERT INTO core.observation AS o (series_id, time, value, status, flag, run_id)
    SELECT series_id, time, value, status, flag, :run FROM {staging} ORDER BY series_id, time
    ON CONFLICT (series_id, time) DO UPDATE
    SET value = excluded.value, status = excluded.status, run_id = excluded.run_id,
        flag = excluded.flag | CASE WHEN o.value IS NOT DISTINCT FROM excluded.value AND o.status = excluded.status
                                    THEN o.flag & :network ELSE 0 END
    WHERE (o.value, o.status, o.flag & ~CAST(:network AS smallint)) IS DISTINCT FROM
          (excluded.value, excluded.status, excluded.flag & ~CAST(:network AS smallint))
    RETURNING series_id, time
), touched AS (
    INSERT INTO ops.touched_day (series_id, day)
    SELECT DISTINCT series_id, CAST((time - interval '1 microsecond') AT TIME ZONE :zone AS date) FROM written
)
SELECT count(*) FROM written
