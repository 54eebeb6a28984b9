/** The normal distribution's quantile; the kernel draws by the same function. */
export { normalQuantile } from '../../kernel/distribution.ts';
