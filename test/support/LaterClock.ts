/** Loaded before a program that is to run so many hours later: `?hours=25`. */
const hours = Number(new URL(import.meta.url).searchParams.get("hours"))
const now = Date.now.bind(Date)

Date.now = () => now() + hours * 3_600_000
