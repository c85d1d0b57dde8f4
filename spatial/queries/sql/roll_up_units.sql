-- Values of units from those of the stations inside them, by day or hour ({moment}); {day} is the local day.
-- Stations are few and their units many: resolve units per station first, then join values.
WITH member AS MATERIALIZED (
    SELECT s.id AS series_id, s.parameter, u.id AS unit_id, u.valid_from, u.valid_to,
        u.valid_to IS NULL OR (u.level = 'district' AND u.valid_from <= :last_district_day
                               AND u.valid_to > :last_district_day) AS always
    FROM core.series s
    JOIN {stations} station ON station.key = s.feature_key
    CROSS JOIN LATERAL unnest(station.unit_ids) AS held (unit_id)
    JOIN core.admin_unit u ON u.id = held.unit_id
    WHERE s.layer_id = :layer
)
SELECT member.unit_id, CAST(:layer AS text) AS layer_id, member.parameter, v.{moment},
    CAST(count(v.mean) AS integer) AS stations,
    CASE WHEN member.parameter = ANY(:circular)
        THEN CAST(CAST(atan2d(sum(sind(v.mean)), sum(cosd(v.mean))) + 360 AS numeric) % 360 AS double precision)
        ELSE avg(v.mean) END AS mean,
    max(v.maximum) AS maximum
FROM ({source}) AS v
JOIN member ON member.series_id = v.series_id
 AND (member.always OR (member.valid_from <= {day} AND (member.valid_to IS NULL OR member.valid_to > {day})))
GROUP BY member.unit_id, member.parameter, v.{moment}
