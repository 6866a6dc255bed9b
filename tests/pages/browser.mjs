// Shows reports to Chromium: at four widths, light, dark and as printed.
//
//   node browser.mjs OUT [--groups EXPECTED.json] REPORT.html...
//
// Nothing is asked of a network, nothing is refused by the page's own policy, no page is wider than the window, axe-core
// finds no violation (with everything unfolded), and the text of the page is what html5lib read. Pictures and PDFs go to
// OUT, to be looked at; they are no part of the check.
import { chromium } from 'playwright-core';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const widths = [320, 360, 768, 1280];
const [out, ...rest] = process.argv.slice(2);
const groups = rest[0] === '--groups' ? JSON.parse(readFileSync(rest.splice(0, 2)[1], 'utf8')) : null;
let failures = 0;

function fail(file, message) {
  failures++;
  console.log(`${basename(file)}: ${message}`);
}

async function open(browser, file, width, colorScheme) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  page.on('console', (message) => fail(file, `console: ${message.text()}`));
  page.on('pageerror', (error) => fail(file, `error: ${error}`));
  page.on('request', (request) => {
    if (request.url() !== pathToFileURL(file).href && request.url() !== 'data:,') fail(file, `asked for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return page;
}

async function look(browser, file, width, scheme) {
  const page = await open(browser, file, width, scheme);
  const name = join(out, `${basename(file, '.html')}-${width}-${scheme}`);
  await page.screenshot({ path: `${name}.png`, fullPage: width !== 320 });
  const scrolls = await page.evaluate(() => document.documentElement.scrollWidth);
  if (scrolls > width) fail(file, `is ${scrolls} wide in a window of ${width}`);
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
  await page.evaluate(axe); // by the debugger, which the policy of the page does not bind
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  for (const violation of violations)
    fail(file, `${width} ${scheme}: ${violation.id}: ${violation.nodes.length} times, ${violation.nodes[0].html.slice(0, 200)}`);
  await page.close();
}

async function print(browser, file) {
  const page = await open(browser, file, 1280, 'dark');
  await page.pdf({ path: join(out, `${basename(file, '.html')}.pdf`), format: 'A4', preferCSSPageSize: true });
  await page.close();
}

// The labels of the first table that lists groups are exactly the names expected, each as a text of its own.
async function names(browser, file) {
  const page = await open(browser, file, 1280, 'light');
  const labels = await page.evaluate(() => {
    const table = [...document.querySelectorAll('table')].find((t) => t.caption.textContent.startsWith('Change in points'));
    const body = table.tBodies[0];
    return [...body.querySelectorAll('th[scope=row]')].map((th) => (th.childElementCount ? null : th.textContent)).slice(1);
  });
  const expected = [...groups].sort(), shown = [...labels].sort();
  if (expected.length !== shown.length || expected.some((text, i) => text !== shown[i]))
    fail(file, `${expected.length} names of groups expected, ${shown.length} shown, and they are not the same`);
  const foreign = await page.evaluate(() => document.querySelectorAll('script, img, iframe, object, embed, form, base').length);
  if (foreign) fail(file, `${foreign} elements that no report has`);
  await page.close();
}

const profile = mkdtempSync(join(tmpdir(), 'pages-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const context = browser;
const contexts = { newPage: async ({ viewport, colorScheme }) => {
  const page = await context.newPage();
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  return page;
} };
for (const file of rest.map((path) => resolve(path))) {
  if (groups) {
    await names(contexts, file);
    continue;
  }
  for (const width of widths) for (const scheme of ['light', 'dark']) await look(contexts, file, width, scheme);
  await print(contexts, file);
}
await context.close();
rmSync(profile, { recursive: true, force: true });
console.log(failures ? `${failures} failures` : `${rest.length} reports: nothing wrong`);
process.exit(failures ? 1 : 0);
