// DuckDB: typed columns, no sniffing, order not kept.  usage: duckdb.mjs FILE wide|long THREADS
import { load, measures, items, columns, figures, better, print } from './job.mjs';

const [file, layout, threads] = process.argv.slice(2);
const { DuckDBInstance } = load('@duckdb/node-api');

const total = (names) => names.join(' + '); // NULL when an answer is
const percent = (names) => {
  const sum = names.map((c) => `if(${c} = 'NA', 0, ${c}::TINYINT)`).join(' + ');
  const answered = names.map((c) => `if(${c} = 'NA', 0, 1)`).join(' + ');
  const whole = names.map((c) => `${c} IS NOT NULL`).join(' AND ');
  return `if(${whole}, 100::DOUBLE * (${sum}) / (6 * nullif(${answered}, 0)), NULL)`;
};
const score = (measure, suffix) => (measure.percent ? percent : total)(items(measure, suffix));
const scores = (suffix, as) => measures.map((m) => `${score(m, suffix)} AS ${m.name}${as}`).join(', ');

const aggregates = measures.map(({ name, cutoff }) => {
  const pre = `${name}_pre`, post = `${name}_post`, both = `${pre} IS NOT NULL AND ${post} IS NOT NULL`;
  const positive = `${pre} >= ${cutoff}`;
  return [
    `count(*) FILTER (${both})`,
    `avg(${pre}) FILTER (${both})`,
    `avg(${post}) FILTER (${both})`,
    `stddev_samp(${post} - ${pre})`,
    `avg((${positive})::INT) FILTER (${both})`,
    `avg((${pre} - ${post} >= ${better})::INT) FILTER (${both} AND ${positive})`,
  ].map((sql, i) => `${sql} AS ${name}_${figures[i]}`).join(', ');
}).join(',\n');

const types = columns(layout, 'VARCHAR', (m) => (m.percent ? 'VARCHAR' : 'TINYINT'))
  .map(([name, type]) => `'${name}': '${type}'`).join(', ');
const panel = `read_csv('${file}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', ` +
  `nullstr = '', columns = {${types}})`;
const people = layout === 'wide'
  ? `SELECT cohort, ${scores('_pre', '_pre')}, ${scores('_post', '_post')} FROM ${panel}`
  : `SELECT any_value(cohort) AS cohort, ${measures.flatMap(({ name }) => ['pre', 'post'].map((o) =>
      `max(${name}) FILTER (occasion = '${o}') AS ${name}_${o}`)).join(', ')}
     FROM (SELECT id, cohort, occasion, ${scores('', '')} FROM ${panel}) GROUP BY id`;

const instance = await DuckDBInstance.create(':memory:', { threads, preserve_insertion_order: 'false' });
const connection = await instance.connect();
const reader = await connection.runAndReadAll(
  `SELECT cohort, ${aggregates} FROM (${people}) GROUP BY cohort ORDER BY cohort`);
print(reader.getRowObjectsJS());
