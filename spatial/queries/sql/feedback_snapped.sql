-- Public position of a pin ({lon}, {lat}) of a row "placed": on a grid where the field is personal, at the nearest
-- node that lies in the very same units of all times, so that no statistics change; where none around does, inside what
-- its communes of all times have in common.
(CASE WHEN NOT {snapped} THEN ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326) ELSE coalesce(
    (SELECT node.geom FROM (
        SELECT ST_SetSRID(ST_MakePoint((round({lon} / :grid) + i) * :grid, (round({lat} / :grid) + j) * :grid), 4326) AS geom
        FROM generate_series(-2, 2) AS i, generate_series(-2, 2) AS j) AS node
     WHERE NOT EXISTS (SELECT FROM unnest(placed.unit_ids) AS own (id) WHERE NOT EXISTS (
        SELECT FROM core.admin_unit_part part WHERE part.unit_id = own.id AND ST_Intersects(part.geom, node.geom)))
     ORDER BY ST_Distance(node.geom, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)) LIMIT 1),
    (SELECT ST_PointOnSurface(ST_Intersection(new.geom, old.geom)) FROM core.admin_unit new, core.admin_unit old
     WHERE new.id = ANY(placed.unit_ids) AND old.id = ANY(placed.unit_ids) AND new.level = 'commune'
        AND old.level = 'commune' ORDER BY new.valid_from DESC, old.valid_from LIMIT 1),
    ST_SetSRID(ST_MakePoint(round({lon} / :grid) * :grid, round({lat} / :grid) * :grid), 4326)) END)
