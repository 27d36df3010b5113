/** From the first Ctrl-C on the answer is yes. A second one, a moment later, ends the process at once. */
export function stopOnSignal(onStop = () => {}): () => boolean {
  let stoppedAt: number | undefined
  const stop = () => {
    // One Ctrl-C may come twice: from the terminal, and passed on by the command that started the seed.
    if (stoppedAt !== undefined && performance.now() - stoppedAt > 1_000) process.exit(130)
    stoppedAt ??= performance.now()
    onStop()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return () => stoppedAt !== undefined
}
