export { type Asked, type Explanation, explain, type OutageLine, type WhyAnswer } from './explanation.ts';
export { readRun } from './read-run.ts';
export { RunFolderError } from './run-folder-error.ts';
export { type WhyTextOptions, whyPlain, whyText } from './text.ts';
