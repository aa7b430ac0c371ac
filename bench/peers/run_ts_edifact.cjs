// Runs npm's ts-edifact: its reader with the definitions that it ships, and its builder, which follows the structure.

const path = require('path');
const { InterchangeBuilder, Reader } = require('ts-edifact');
const { serve } = require('./running.cjs');

const specifications = path.join(path.dirname(require.resolve('ts-edifact')), 'messageSpec') + path.sep;
for (const name of ['log', 'warn', 'error', 'info', 'debug']) console[name] = () => {}; // it remarks on every segment

let reader = new Reader(specifications);

serve(function (text) {
  try {
    reader.result.length = 0; // it never forgets what it read before
    const segments = reader.parse(text);
    return new InterchangeBuilder(segments, reader.separators, specifications).interchange;
  } catch (error) {
    reader = new Reader(specifications); // one that has failed cannot be used again
    throw error;
  }
});
