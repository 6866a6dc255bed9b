// Polars: a lazy query over typed columns; threads by POLARS_MAX_THREADS.  usage: polars.mjs FILE wide|long
import { load, measures, items, columns, better, print } from './job.mjs';

const [file, layout] = process.argv.slice(2);
const pl = load('nodejs-polars');
const sum = (expressions) => expressions.reduce((a, b) => a.plus(b));

const total = (names) => sum(names.map((c) => pl.col(c))); // null when an answer is
function percent(names) {
  const none = (c) => pl.col(c).eq(pl.lit('NA'));
  const value = (c) => pl.when(none(c)).then(pl.lit('0')).otherwise(pl.col(c)).cast(pl.Int8);
  const answered = sum(names.map((c) => pl.when(none(c)).then(pl.lit(0)).otherwise(pl.lit(1))));
  return sum(names.map(value)).cast(pl.Float64).mul(100)
    .div(pl.when(answered.gt(pl.lit(0))).then(answered).otherwise(pl.lit(null)).mul(6));
}
const score = (measure, suffix, as) =>
  (measure.percent ? percent : total)(items(measure, suffix)).cast(pl.Float64).alias(`${measure.name}${as}`);
const scores = (suffix, as) => measures.map((measure) => score(measure, suffix, as));

const schema = Object.fromEntries(columns(layout, pl.Utf8, (m) => (m.percent ? pl.Utf8 : pl.Int8)));
const panel = pl.scanCSV(file, { schema, inferSchemaLength: 0, rechunk: false });
const forms = (occasion) => panel.filter(pl.col('occasion').eq(pl.lit(occasion)))
  .select(pl.col('id'), pl.col('cohort'), ...scores('', `_${occasion}`));
const people = layout === 'wide'
  ? panel.select(pl.col('cohort'), ...scores('_pre', '_pre'), ...scores('_post', '_post'))
  : forms('pre').join(forms('post'), { on: 'id', how: 'inner' });

const aggregates = measures.flatMap(({ name, cutoff }) => {
  const both = pl.col(`${name}_pre`).isNotNull().and(pl.col(`${name}_post`).isNotNull());
  const pre = pl.col(`${name}_pre`).filter(both), post = pl.col(`${name}_post`).filter(both);
  const positive = both.and(pl.col(`${name}_pre`).gtEq(pl.lit(cutoff)));
  const change = pl.col(`${name}_pre`).minus(pl.col(`${name}_post`));
  return [
    pre.count().alias(`${name}_n`),
    pre.mean().alias(`${name}_mean_pre`),
    post.mean().alias(`${name}_mean_post`),
    change.std().alias(`${name}_sd_change`),
    pre.gtEq(pl.lit(cutoff)).cast(pl.Float64).mean().alias(`${name}_positive`),
    change.filter(positive).gtEq(pl.lit(better)).cast(pl.Float64).mean().alias(`${name}_improved`),
  ];
});
print(people.groupBy('cohort').agg(...aggregates).sort('cohort').collectSync().toRecords());
