import type { Provider } from '@nestjs/common';
import { Traffic } from '../traffic/traffic.js';
import { StandingStatus } from './standing-status.js';
import { StatusReader } from './status-reader.js';

export const statusProviders: Provider[] = [StandingStatus, StatusReader, Traffic];
