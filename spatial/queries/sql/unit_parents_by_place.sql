-- A unit that names no parent gets the smallest unit of a higher level around its label point on its first day.
UPDATE core.admin_unit child SET parent_code = found.code
FROM (
    SELECT DISTINCT ON (c.id) c.id, p.code
    FROM core.admin_unit c
    JOIN core.admin_unit p ON ST_Intersects(p.geom, c.label_point)
     AND p.valid_from <= c.valid_from AND (p.valid_to IS NULL OR p.valid_to > c.valid_from)
     AND array_position(ARRAY['province', 'district', 'commune'], p.level)
         < array_position(ARRAY['province', 'district', 'commune'], c.level)
    WHERE c.parent_code IS NULL AND c.level <> 'province'
    ORDER BY c.id, array_position(ARRAY['province', 'district', 'commune'], p.level) DESC, p.code
) AS found
WHERE child.id = found.id
