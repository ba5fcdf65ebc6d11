const pending = new Set<() => void>()

process.on('exit', () => {
  for (const undo of [...pending].toReversed()) undo()
})

/** Has `undo` done, last in first out, should this process end before the function returned is called. */
export function onExit(undo: () => void): () => void {
  pending.add(undo)
  return () => void pending.delete(undo)
}
