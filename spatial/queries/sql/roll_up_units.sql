-- Stations are few and their units many: resolve units per station first, then join days.
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
INSERT INTO derived.unit_daily (unit_id, layer_id, parameter, day, stations, mean, maximum)
SELECT member.unit_id, :layer, member.parameter, d.day, count(d.mean),
    CASE WHEN member.parameter = ANY(:circular)
        THEN CAST(CAST(atan2d(sum(sind(d.mean)), sum(cosd(d.mean))) + 360 AS numeric) % 360 AS double precision)
        ELSE avg(d.mean) END,
    max(d.maximum)
FROM (SELECT * FROM derived.observation_daily WHERE {condition}) AS d
JOIN member ON member.series_id = d.series_id
 AND (member.always OR (member.valid_from <= d.day AND (member.valid_to IS NULL OR member.valid_to > d.day)))
GROUP BY member.unit_id, member.parameter, d.day
