-- DuckDB reads what `run.sh` fetched: out/summary.parquet (a saved report) and out/agencies.parquet (a list with the columns of its query).
CREATE TABLE summary AS SELECT * FROM 'out/summary.parquet';
CREATE TABLE agencies AS SELECT * FROM 'out/agencies.parquet';

-- Townships whose agencies are many beside their own posts.
SELECT s.TOWNSHIP_LABEL AS township, s.APPROVED AS approved, count(a.name) AS agencies,
       round(100.0 * count(a.name) / s.APPROVED, 1) AS agencies_per_100_posts
FROM summary s
JOIN agencies a ON a."township.divisionCode" = s.TOWNSHIP
WHERE NOT s.IS_TOTAL
GROUP BY 1, 2
ORDER BY agencies_per_100_posts DESC, township
LIMIT 5;
