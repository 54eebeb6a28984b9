/** The folder is no run of zonefall, or a file in it is missing or damaged. The message is one line, fit to print. */
export class RunFolderError extends Error {
  override readonly name = 'RunFolderError';
}
