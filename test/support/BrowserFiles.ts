/** Unpacks the browser that npm brought, with the libraries it needs, into the folder for temporary files. */
// @effect-diagnostics *:off
import chromium from "@sparticuz/chromium"

process.stdout.write(await chromium.executablePath())
