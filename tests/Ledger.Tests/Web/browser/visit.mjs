// Walks through the console in a headless chromium and tells what it met. The plan comes as JSON on standard input:
//   { base, chromium, screenshots, visits: [{ name, path, lane?, width?, theme?, language?, print?, steps? }] }
// Visits of one lane are one reader's: in order, with the same cookies and the same kept key. Lanes walk at once, as many as the machine has room for.
// A step is { fill, value } | { file, path } | { click } | { wait } | { choose, value } | { expect, text }, each with a selector as its first member.
// The answer is one JSON object: for each visit its status, console errors, accessibility violations, and whether it scrolls sideways.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const plan = JSON.parse(readFileSync(0, 'utf8'));
const timeout = 60000;
const browser = await chromium.launch({
  executablePath: plan.chromium,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

const lanes = [...new Set(plan.visits.map(laneOf))].map(lane => plan.visits.flatMap((visit, index) => laneOf(visit) === lane ? [index] : []));
const answers = new Array(plan.visits.length);
try {
  await Promise.all(Array.from({ length: availableParallelism() }, async () => {
    for (let lane = lanes.shift(); lane; lane = lanes.shift()) {
      const context = await browser.newContext({ acceptDownloads: true });
      for (const index of lane) answers[index] = await go(context, plan.visits[index]);
      await context.close();
    }
  }));
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(answers));

function laneOf(visit) {
  return visit.lane ?? '';
}

async function go(context, visit) {
  const url = visit.path.includes('://') ? visit.path : plan.base + visit.path;
  if (!visit.path.includes('://')) {
    await context.addCookies([
      { name: 'language', value: visit.language ?? 'zh-CN', url: plan.base },
      { name: 'theme', value: visit.theme ?? 'light', url: plan.base },
    ]);
  }
  const page = await context.newPage();
  const errors = [];
  page.on('console', message => {
    if (message.type() === 'error' && !(visit.status >= 400 && message.text().includes(`status of ${visit.status}`))) errors.push(message.text());
  });
  page.on('pageerror', error => errors.push(String(error)));
  await page.setViewportSize({ width: visit.width ?? 1280, height: 900 });
  const answer = { name: visit.name, errors, failed: null, texts: [] };
  try {
    const response = await page.goto(url, { waitUntil: 'load', timeout });
    answer.status = response?.status() ?? 0;
    for (const step of visit.steps ?? []) await take(page, step, answer);
    if (visit.print) await page.emulateMedia({ media: 'print' });
    answer.overflow = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
    answer.language = await page.evaluate(() => document.documentElement.lang);
    if (plan.screenshots) await page.screenshot({ path: `${plan.screenshots}/${visit.name}.png`, fullPage: true });
    if (!visit.print) {
      // Run by the debugger and not by the page, whose policy lets nothing in.
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] }));
      answer.violations = found.violations.map(one => `${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map(node => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join(' | ')}`);
    }
  } catch (problem) {
    answer.failed = String(problem);
  } finally {
    await page.close();
  }
  return answer;
}

async function take(page, step, answer) {
  if (step.fill) await page.fill(step.fill, step.value, { timeout });
  else if (step.file) await page.setInputFiles(step.file, step.path, { timeout });
  else if (step.choose) await page.selectOption(step.choose, step.value, { timeout });
  else if (step.click) await page.click(step.click, { timeout });
  else if (step.wait) await page.waitForURL(step.wait, { timeout, waitUntil: 'load' });
  else if (step.save) {
    const [download] = await Promise.all([page.waitForEvent('download', { timeout }), page.click(step.save, { timeout })]);
    await download.saveAs(step.path);
  } else if (step.expect) {
    await page.waitForFunction(([selector, text]) => document.querySelector(selector)?.textContent.includes(text), [step.expect, step.text], { timeout });
    answer.texts.push(await page.textContent(step.expect));
  }
}
