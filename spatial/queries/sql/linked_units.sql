-- Units a value may come from: predecessors of predecessors, and what stands on the ground of units that ended.
WITH RECURSIVE earlier AS (
    SELECT unnest(CAST(:unit_ids AS integer[])) AS id
    UNION
    SELECT l.predecessor_id FROM earlier JOIN core.admin_link l ON l.successor_id = earlier.id
), later AS (
    SELECT unnest(CAST(:unit_ids AS integer[])) AS id
    UNION
    SELECT step.id FROM later CROSS JOIN LATERAL (
        SELECT l.successor_id AS id FROM core.admin_link l WHERE l.predecessor_id = later.id
        UNION ALL
        SELECT d.id FROM core.admin_unit p JOIN core.admin_unit d ON d.parent_id = p.id AND d.level = 'district'
        WHERE p.id = later.id AND p.level = 'province' AND p.valid_to IS NOT NULL) AS step
)
SELECT id FROM earlier UNION SELECT id FROM later
