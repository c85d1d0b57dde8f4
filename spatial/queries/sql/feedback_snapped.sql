-- Public position of a pin ({lon}, {lat}) of a row "placed": on a grid where the field is personal, at the nearest
-- node that lies in the same commune; where none of the nine around does, at the commune's label point.
(CASE WHEN NOT {snapped} THEN ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326) ELSE coalesce(
    (SELECT node.geom FROM (
        SELECT ST_SetSRID(ST_MakePoint((round({lon} / :grid) + i) * :grid, (round({lat} / :grid) + j) * :grid), 4326) AS geom
        FROM generate_series(-1, 1) AS i, generate_series(-1, 1) AS j) AS node
     WHERE EXISTS (SELECT FROM core.admin_unit_part part JOIN core.admin_unit unit ON unit.id = part.unit_id
                   WHERE unit.id = ANY(placed.unit_ids) AND unit.level = 'commune' AND unit.code = placed.commune_code
                   AND ST_Intersects(part.geom, node.geom))
     ORDER BY ST_Distance(node.geom, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)) LIMIT 1),
    (SELECT unit.label_point FROM core.admin_unit unit
     WHERE unit.id = ANY(placed.unit_ids) AND unit.level = 'commune' ORDER BY unit.valid_from DESC LIMIT 1),
    ST_SetSRID(ST_MakePoint(round({lon} / :grid) * :grid, round({lat} / :grid) * :grid), 4326)) END)
