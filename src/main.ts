import { registerApp } from './app.ts';
import { systemPlatform } from './system/platform.ts';

registerApp(systemPlatform(process.env));
