// A CommonJS package that is imported dynamically comes out of the bundler without its names; one re-export keeps them.
export { SqlManagementClient } from '@azure/arm-sql';
