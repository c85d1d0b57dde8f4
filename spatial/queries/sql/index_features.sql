INSERT INTO derived.search_entry (layer_id, key, title, fold, point)
SELECT :layer, key, title, core.vn_fold(title), point
FROM (
    SELECT f.key, ST_PointOnSurface(f.geom) AS point,
        concat_ws(', ', coalesce(nullif(trim(CAST(f.{label} AS text)), ''), f.key), core.unit_name(u.type_vi, u.name)) AS title
    FROM {table} f
    LEFT JOIN core.admin_unit u ON u.code = f.commune_code AND u.level = 'commune' AND u.id = ANY(f.unit_ids)
     AND u.valid_to IS NULL
    WHERE f.geom IS NOT NULL
) AS entry
