-- The bodies of all kinds on the day $1, counted.
SELECT left(v.division_code, 2), o.kind, v.rank, count(*)
FROM organization o JOIN organization_version v ON v.organization_id = o.id
WHERE (v.valid_from IS NULL OR v.valid_from <= $1) AND (v.valid_to IS NULL OR v.valid_to > $1)
  AND v.division_code NOT LIKE '99%'
GROUP BY 1, 2, 3
