-- Values of units by period, comparable across a reform: a unit's own figures where there are any, else those of the
-- units it came from (or, for a former district, of the communes that stand on its ground), weighted by people.
WITH target AS (
    SELECT id, level FROM core.admin_unit WHERE id = ANY(:unit_ids)
), weight AS (
    SELECT target.id AS target_id, target.id AS source_id, 1.0 AS share, 1.0 AS part, true AS own FROM target
    UNION ALL
    SELECT target.id, link.predecessor_id, link.people_share, link.successor_people_share, false
    FROM target JOIN core.admin_link link ON link.successor_id = target.id
    JOIN core.admin_unit old ON old.id = link.predecessor_id AND old.level = target.level
    UNION ALL
    SELECT target.id, link.successor_id, sum(link.successor_people_share),
           sum(link.people_share * greatest(old.population, 1)) / sum(sum(link.people_share * greatest(old.population, 1))) OVER (PARTITION BY target.id), false
    FROM target JOIN core.admin_unit old ON old.parent_id = target.id AND target.level = 'district'
    JOIN core.admin_link link ON link.predecessor_id = old.id
    GROUP BY target.id, link.successor_id
), best AS (
    SELECT DISTINCT ON (series.unit_id, series.parameter, value.period, value.state = 'plan')
           series.unit_id, series.parameter, value.period, value.state, value.value
    FROM core.series series JOIN core.indicator_value value ON value.series_id = series.id
    WHERE series.layer_id = 'indicator' AND series.parameter = ANY(:indicators)
      AND series.unit_id IN (SELECT source_id FROM weight)
      AND value.period BETWEEN :first AND :last
    ORDER BY series.unit_id, series.parameter, value.period, value.state = 'plan',
             array_position(ARRAY['official', 'preliminary', 'estimate', 'plan'], value.state)
), candidate AS (
    SELECT weight.target_id, best.parameter, best.period, best.state = 'plan' AS is_plan, weight.own,
           CASE WHEN best.parameter = ANY(:averaged)
                THEN sum(best.value * weight.share * greatest(source.population, 1))
                     / nullif(sum(weight.share * greatest(source.population, 1)), 0)
                ELSE sum(best.value * weight.share) END AS value,
           (array_agg(best.state ORDER BY array_position(ARRAY['estimate', 'preliminary', 'official', 'plan'], best.state)))[1]
               AS state,
           sum(weight.part) AS covered
    FROM weight
    JOIN best ON best.unit_id = weight.source_id
    JOIN core.admin_unit source ON source.id = weight.source_id
    GROUP BY weight.target_id, best.parameter, best.period, best.state = 'plan', weight.own
)
SELECT DISTINCT ON (candidate.target_id, candidate.parameter, candidate.period, candidate.is_plan)
       candidate.target_id AS unit_id, candidate.parameter AS indicator, candidate.period, candidate.state,
       candidate.value, NOT candidate.own AS derived
FROM candidate
WHERE candidate.covered > 0.95
ORDER BY candidate.target_id, candidate.parameter, candidate.period, candidate.is_plan, candidate.own DESC
