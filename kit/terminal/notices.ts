/** What a command noticed beside its work, for the door to say when it is done. */
export const notices = new Set<string>()
