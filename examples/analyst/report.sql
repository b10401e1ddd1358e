-- A saved report and a list, read straight from the server. `run.sh` puts the address and the token in place.
-- DuckDB reads what `run.sh` fetched: out/summary.csv (a saved report) and out/agencies.jsonl (a list with the columns of its query).
CREATE TABLE summary AS SELECT * FROM read_csv('out/summary.csv', header = true);
CREATE TABLE agencies AS SELECT * FROM read_json('out/agencies.jsonl', format = 'newline_delimited');

-- Townships whose agencies are many beside their own posts.
SELECT s."乡级区划" AS township, s."核定编制（个）" AS approved, count(a.name) AS agencies,
       round(100.0 * count(a.name) / s."核定编制（个）", 1) AS agencies_per_100_posts
FROM summary s
JOIN agencies a ON a.township.name = s."乡级区划"
WHERE s."乡级区划" <> '合计'
GROUP BY 1, 2
ORDER BY agencies_per_100_posts DESC, township
LIMIT 5;
