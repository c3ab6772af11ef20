// SPDX-License-Identifier: MIT
// axe_page.js PAGE AXE > COPY: the page with the checker inside. The copy's policy is taken out, for it forbids
// every script; the results replace the body as text, one violation a line, so that a browser's dump shows them.
const fs = require("fs");
const [page, axe] = process.argv.slice(2);
const html = fs.readFileSync(page, "utf8").replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
const run = `
document.querySelectorAll("details").forEach(d => d.open = true);
axe.run(document, { resultTypes: ["violations", "incomplete"] }).then(r => {
  const lines = r.violations.flatMap(v => v.nodes.map(n => "VIOLATION " + v.id + " (" + v.impact + "): " + n.target.join(" ") + " | " + n.failureSummary.replace(/\\s+/g, " ")));
  document.body.innerHTML = "<pre id=result></pre>";
  document.getElementById("result").textContent = "PASSES " + r.passes.length + " INCOMPLETE " + r.incomplete.map(v => v.id).join(",") + "\\n" + lines.join("\\n") + "\\nEND";
}, e => { document.body.textContent = "FAILED " + e; });`;
process.stdout.write(html.replace("</body>", "<script>" + fs.readFileSync(axe, "utf8") + "</script><script>" + run + "</script></body>"));
