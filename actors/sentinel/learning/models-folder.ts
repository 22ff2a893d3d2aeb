import { fileURLToPath } from 'node:url';

/** Where the trained models and their card lie. */
export const modelsFolder: string = fileURLToPath(new URL('../models/', import.meta.url));
