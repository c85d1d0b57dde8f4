-- Values of units from those of the stations inside them, by day or hour ({moment}); {day} is the local day.
-- Stations are few and their units many: resolve units per station first, then join values.
WITH member AS MATERIALIZED (
    SELECT s.id AS series_id, s.parameter, s.parameter = ANY(:circular) AS turns, u.id AS unit_id, u.valid_from,
        u.valid_to, u.valid_to IS NULL OR (u.level = 'district' AND u.valid_from <= :last_district_day
                                           AND u.valid_to > :last_district_day) AS always
    FROM core.series s
    JOIN {stations} station ON station.key = s.feature_key
    CROSS JOIN LATERAL unnest(station.unit_ids) AS held (unit_id)
    JOIN core.admin_unit u ON u.id = held.unit_id
    WHERE s.layer_id = :layer
), summed AS (
    SELECT member.unit_id, member.parameter, v.{moment}, bool_or(turns) AS turns, count(v.mean) AS stations,
        avg(v.mean) AS mean, max(v.maximum) AS maximum,
        sum(CASE WHEN turns THEN sind(v.mean) END) AS east, sum(CASE WHEN turns THEN cosd(v.mean) END) AS north
    FROM ({source}) AS v
    JOIN member ON member.series_id = v.series_id
     AND (member.always OR (member.valid_from <= {day} AND (member.valid_to IS NULL OR member.valid_to > {day})))
    GROUP BY member.unit_id, member.parameter, v.{moment}
)
SELECT unit_id, CAST(:layer AS text) AS layer_id, parameter, {moment}, CAST(stations AS integer) AS stations,
    CASE WHEN turns THEN CAST(CAST(atan2d(east, north) + 360 AS numeric) % 360 AS double precision)
        ELSE mean END AS mean,
    maximum
FROM summed
ORDER BY {order}
