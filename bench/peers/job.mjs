// What the two JavaScript peers share: the columns, and the printing of the table.
import { createRequire } from 'node:module';

export const load = (name) => createRequire(process.env.PEER_MODULES + '/')(name);

export const measures = [
  { name: 'phq9', items: 9, cutoff: 10 },
  { name: 'gad7', items: 7, cutoff: 10 },
  { name: 'pcl5', items: 20, cutoff: 33 },
  { name: 'bipf', items: 7, cutoff: 11, percent: true }, // NA: does not apply
];
export const better = 5 - 1e-9; // a score in percent is a fraction
export const figures = ['n', 'mean_pre', 'mean_post', 'sd_change', 'positive', 'improved'];

export const items = (measure, suffix) =>
  Array.from({ length: measure.items }, (_, i) => `${measure.name}_${i + 1}${suffix}`);

// All columns of the panel in their order, with the type that `type` gives to a measure.
export function columns(layout, text, type) {
  const keys = layout === 'wide' ? ['id', 'cohort'] : ['id', 'cohort', 'occasion'];
  const suffixes = layout === 'wide' ? ['_pre', '_post'] : [''];
  const answers = suffixes.flatMap((suffix) =>
    measures.flatMap((measure) => items(measure, suffix).map((item) => [item, type(measure)])));
  return [...keys.map((key) => [key, text]), ...answers];
}

// rows: one a cohort, with `cohort` and for each measure NAME_n, NAME_mean_pre ...
export function print(rows) {
  const lines = rows.flatMap((row) => measures.map(({ name }) =>
    [row.cohort, name, ...figures.map((figure) => Number(row[`${name}_${figure}`]))].join(',')));
  console.log(['cohort,instrument,' + figures.join(','), ...lines].join('\n'));
}
