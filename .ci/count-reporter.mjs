/** Prints `N passed, N failed` as the last line, the one form every CI reads. */
export default class CountReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of testModules) {
      if (module.state() === 'failed' && module.errors().length > 0) failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === 'passed') passed++;
        else if (state === 'failed') failed++;
      }
    }
    this.line = `${passed} passed, ${failed} failed`;
    process.once('exit', () => console.log(this.line));
  }
}
