import type { Color } from '../dashboards/panels.js';

/** A page of its own ground, so that it can be read on a light and on a dark one. */
export const GROUND = '#eef0f3';
export const PANEL = '#ffffff';
export const EDGE = '#d5d9df';
export const GRID = '#e6e9ed';
export const TEXT = '#22272e';
export const FAINT = '#626c78';

export const FONT = "Inter, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif";
export const TITLE_SIZE = 12;
export const SMALL = 10;

const COLORS: Readonly<Record<Color, string>> = {
  green: '#23884f',
  blue: '#2b62c9',
  yellow: '#b58a00',
  orange: '#c26a12',
  red: '#c9302c',
  'dark-red': '#8f1d1a',
  purple: '#8a4fb8',
};

export const colorOf = (color: Color): string => COLORS[color];

/** Lines by their place, so that the first ones differ most. */
const LINES = [
  '#2b62c9',
  '#d9822b',
  '#23884f',
  '#a13fb3',
  '#c9302c',
  '#0e8aa3',
  '#8c7410',
  '#6b5b95',
  '#4d5866',
  '#d4578f',
];

export const lineColor = (index: number): string => LINES[index % LINES.length] ?? TEXT;
