// What every runner written for Node.js does: the same job and the same answer as bench/peers/running.py.

const fs = require('fs');

function problem(read, text) {
  try {
    read(text);
    return '';
  } catch (error) {
    return String(error.message);
  }
}

// Interchanges a second in the best round, by processor or wall time, whichever is better for the parser: Node.js
// collects garbage in threads of their own.
function rate(read, batch, seconds) {
  for (const text of batch) {
    const found = problem(read, text);
    if (found) return found;
  }
  let best = 0;
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const wall = performance.now();
    const before = process.cpuUsage();
    for (const text of batch) read(text);
    const used = process.cpuUsage(before);
    const spent = Math.min((performance.now() - wall) / 1e3, (used.user + used.system) / 1e6);
    best = Math.max(best, batch.length / Math.max(spent, 1e-9));
  }
  return best;
}

module.exports.serve = function (read) {
  const job = JSON.parse(fs.readFileSync(0, 'utf8'));
  const load = (path) => fs.readFileSync(path, 'latin1');
  const rates = {};
  const notices = {};
  for (const [name, paths] of Object.entries(job.inputs)) rates[name] = rate(read, paths.map(load), job.seconds);
  for (const [name, path] of Object.entries(job.faults)) notices[name] = Boolean(problem(read, load(path)));
  process.stdout.write(JSON.stringify({ rates, notices }));
};
