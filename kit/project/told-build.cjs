// The build that a process runs, told to the processes that it starts itself: `PID FOLDER`. A shell in between has another
// PID, so that its commands look for themselves.
const process = require('node:process')

exports.toldBuild = () => {
  const [, pid, folder] = /^(\d+) (.*)$/.exec(process.env.WORKSHOP_BUILD ?? '') ?? []
  return Number(pid) === process.ppid ? folder : undefined
}

exports.tellBuild = (folder) => {
  process.env.WORKSHOP_BUILD = `${process.pid} ${folder}`
}
