-- The establishment of own bodies (docs/reports.md) on the day $1: one row for each body and type.
SELECT left(v.division_code, 2) AS province, o.kind, e.kind AS type, e.approved, e.occupied,
       greatest(e.approved - e.occupied, 0) AS vacant, greatest(e.occupied - e.approved, 0) AS over
FROM establishment e
JOIN organization o ON o.id = e.organization_id
JOIN organization_version v ON v.organization_id = o.id
WHERE (e.valid_from IS NULL OR e.valid_from <= $1) AND (e.valid_to IS NULL OR e.valid_to > $1)
  AND (v.valid_from IS NULL OR v.valid_from <= $1) AND (v.valid_to IS NULL OR v.valid_to > $1)
  AND v.division_code NOT LIKE '99%'
  AND (o.kind IN ('GOVERNMENT', 'SUBDISTRICT_OFFICE')
    OR o.kind IN ('INTERNAL_OFFICE', 'PUBLIC_INSTITUTION') AND EXISTS (
      SELECT 1 FROM organization t JOIN organization_version w ON w.organization_id = t.id
      WHERE t.id = v.parent_id AND t.kind IN ('GOVERNMENT', 'SUBDISTRICT_OFFICE')
        AND w.division_code = v.division_code
        AND (w.valid_from IS NULL OR w.valid_from <= $1) AND (w.valid_to IS NULL OR w.valid_to > $1)))
