// Runs npm's edifact: its reader with its own validator, and its tracker where it has a table of the message type.

const { Reader, Tracker } = require('edifact');
const { serve } = require('./running.cjs');

const tables = {};

function table(type) {
  if (!(type in tables)) {
    try {
      tables[type] = require(`edifact/messages/${type}.json`);
    } catch {
      tables[type] = null; // it has none: segments of such a message are taken apart, their order is not looked at
    }
  }
  return tables[type];
}

let reader = new Reader();

serve(function (text) {
  let segments;
  try {
    segments = reader.parse(text);
  } catch (error) {
    reader = new Reader(); // one that has failed cannot be used again
    throw error;
  }
  let tracker = null;
  for (const segment of segments) {
    if (segment.name === 'UNH') {
      const found = table(segment.elements[1][0]);
      tracker = found ? new Tracker(found) : null;
    }
    if (tracker) tracker.accept(segment.name);
    if (segment.name === 'UNT') tracker = null;
  }
});
