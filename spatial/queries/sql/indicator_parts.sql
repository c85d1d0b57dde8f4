-- Sum of the communes' own figures of given periods in a province, with how many communes there are and have one.
WITH commune AS (
    SELECT u.id, u.valid_from, u.valid_to
    FROM core.admin_unit u JOIN core.admin_unit province ON province.province_code = u.province_code
    WHERE province.id = :unit_id AND u.level = 'commune'
), wanted AS (
    SELECT * FROM unnest(CAST(:codes AS text[]), CAST(:periods AS date[])) AS w (code, period)
), figure AS (
    SELECT DISTINCT ON (s.unit_id, s.parameter) s.unit_id, s.parameter AS code, v.value
    FROM wanted w
    JOIN core.series s ON s.parameter = w.code
    JOIN core.indicator_value v ON v.series_id = s.id AND v.period = w.period
    WHERE s.unit_id IN (SELECT id FROM commune)
    ORDER BY s.unit_id, s.parameter, array_position(CAST(:states AS text[]), v.state) DESC NULLS LAST
)
SELECT w.code, sum(f.value) AS total, count(f.value) AS known,
       (SELECT count(*) FROM commune c
        WHERE c.valid_from <= w.period AND (c.valid_to IS NULL OR c.valid_to > w.period)) AS communes
FROM wanted w JOIN figure f ON f.code = w.code
GROUP BY w.code, w.period
