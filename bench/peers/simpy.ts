/** Programs on SimPy, run beside ours. */
import { execFileSync } from 'node:child_process';

export const NO_SIMPY = 'SimPy is not installed (Debian: python3-simpy3)';

/** A Python that has SimPy, or null. Debian's SimPy belongs to Debian's python3, which need not be the first on the PATH. */
export function pythonWithSimpy(): string | null {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(python, ['-c', 'import simpy'], { stdio: 'ignore' });
      return python;
    } catch {}
  }
  return null;
}
