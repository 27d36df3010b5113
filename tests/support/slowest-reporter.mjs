/** Ends a run with its ten slowest files: where the time goes is seen before it is felt. */
export default class SlowestReporter {
  onRunComplete(_, { testResults }) {
    const files = testResults.map(({ testFilePath, perfStats }) => ({
      name: testFilePath.replace(/^.*[\\/]tests[\\/]/, ''),
      seconds: (perfStats.end - perfStats.start) / 1000,
    }))
    if (files.length < 10) return
    const sum = files.reduce((all, { seconds }) => all + seconds, 0)
    process.stderr.write(`\nThe ten slowest of ${files.length} files (${sum.toFixed(0)} s over all workers):\n`)
    for (const { name, seconds } of files.toSorted((a, b) => b.seconds - a.seconds).slice(0, 10)) {
      process.stderr.write(`${seconds.toFixed(1).padStart(7)} s  ${name}\n`)
    }
  }
}
