// SPDX-License-Identifier: MIT
// check.js FOLDER CHROMIUM: every FOLDER/*.html is valid HTML by html-validate (its standard and recommended rules), and has no
// fault of accessibility by axe (WCAG 2.0 to 2.2, A and AA, and best practices), in light and dark, wide and narrow, with
// folded parts open; nothing is wider than the page, every link within it meets its anchor, and nothing is fetched.
// The last line is the count; the exit status says whether all passed.
"use strict";
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const { HtmlValidate } = require("html-validate");
const puppeteer = require("puppeteer-core");

const [folder, chromium] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:standard", "html-validate:recommended", "html-validate:document", "html-validate:a11y"],
  rules: { "no-inline-style": "off" }, // widths of columns; the page's policy allows styles and nothing else
});
const views = [
  { scheme: "light", width: 1280 },
  { scheme: "dark", width: 1280 },
  { scheme: "light", width: 390 },
  { scheme: "dark", width: 390 },
];

async function valid(file) {
  const report = await validator.validateFile(file);
  return report.results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column}: ${m.message} (${m.ruleId})`));
}

// Runs in the page: what axe finds, and what it does not look for.
async function look() {
  const faults = [];
  const overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (overflow > 0) faults.push(`the page is ${overflow} px wider than the window`);
  for (const a of document.querySelectorAll('a[href^="#"]')) {
    if (!document.getElementById(decodeURIComponent(a.hash.slice(1)))) faults.push(`the link ${a.hash} leads nowhere`);
  }
  document.querySelectorAll("details").forEach((d) => { d.open = true; });
  const result = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
  for (const v of result.violations) {
    faults.push(`${v.id}: ${v.help}: ${v.nodes.length} times, first ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary.split("\n")[1] || ""}`);
  }
  return faults;
}

async function seen(browser, file, view) {
  const page = await browser.newPage();
  const fetched = [];
  page.on("request", (r) => { if (!r.url().startsWith("file:") && !r.url().startsWith("data:")) fetched.push(`fetches ${r.url()}`); });
  await page.setBypassCSP(true); // for axe itself
  await page.setViewport({ width: view.width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: view.scheme }]);
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(axe);
  const faults = await page.evaluate(look);
  await page.close();
  return fetched.concat(faults);
}

(async () => {
  const files = fs.readdirSync(folder).filter((f) => f.endsWith(".html")).sort();
  const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"] });
  let passed = 0, failed = 0;
  const told = (what, faults) => {
    if (faults.length) failed++; else passed++;
    for (const f of faults) console.log(`${what}: ${f}`);
  };
  for (const name of files) {
    const file = path.resolve(folder, name);
    told(name, await valid(file));
    for (const view of views) told(`${name} (${view.scheme}, ${view.width})`, await seen(browser, file, view));
  }
  await browser.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed || !files.length ? 1 : 0);
})();
