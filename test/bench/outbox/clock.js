/** The machine's monotonic clock, which all processes share; ms with its fractions. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;
