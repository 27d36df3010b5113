/** Imports one of the entries, compiled from the sources as they are now. */
export function load(entry: string): Promise<unknown>
/** The address of a compiled entry; undefined where nothing can be written. */
export function compiled(entry: string): Promise<string | undefined>
