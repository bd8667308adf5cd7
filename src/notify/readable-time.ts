const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `28 Nov 2026, 18:47 UTC` of an ISO-8601 UTC time. */
export function readableTime(time: string): string {
  const [, year, month, day, clock] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(time) ?? [];
  return clock === undefined ? time : `${Number(day)} ${months[Number(month) - 1]} ${year}, ${clock} UTC`;
}

/** `2 h 10 min`, `3 days 4 h`: from one time to another, in the two largest units that say enough. */
export function lengthBetween(from: string, to: string): string {
  const minutes = Math.floor(Math.abs(Date.parse(to) - Date.parse(from)) / 60_000);
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1440)];
  if (minutes < 1) return 'less than a minute';
  if (hours < 1) return `${minutes} min`;
  if (days < 2) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${days} days` : `${days} days ${hours % 24} h`;
}
