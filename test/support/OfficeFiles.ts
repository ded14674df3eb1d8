/** Office files, PDFs and archives as small as they can be, made here. */
import { crc32, deflateRawSync } from "node:zlib"

export interface ZipOptions {
  /** What the directory says of each entry's size, whatever it is. */
  readonly claimedSize?: number
}

const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8])
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** Entries that begin with `mimetype` are stored, the others are packed. */
export const zip = (files: Readonly<Record<string, string | Uint8Array>>, { claimedSize }: ZipOptions = {}): Buffer => {
  const locals: Array<Buffer> = []
  const directory: Array<Buffer> = []
  let offset = 0
  for (const [path, content] of Object.entries(files)) {
    const bytes = Buffer.from(content)
    const name = Buffer.from(path)
    const packed = path === "mimetype" ? bytes : deflateRawSync(bytes)
    const about = Buffer.concat([
      u16(0),
      u16(path === "mimetype" ? 0 : 8),
      u32(0),
      u32(crc32(bytes)),
      u32(packed.length),
      u32(claimedSize ?? bytes.length),
      u16(name.length),
      u16(0)
    ])
    const local = Buffer.concat([u32(0x04034b50), u16(20), about, name, packed])
    directory.push(
      Buffer.concat([u32(0x02014b50), u16(20), u16(20), about, u16(0), u16(0), u16(0), u32(0), u32(offset), name])
    )
    locals.push(local)
    offset += local.length
  }
  const all = Buffer.concat(directory)
  const count = u16(directory.length)
  const end = Buffer.concat([u32(0x06054b50), u16(0), u16(0), count, count, u32(all.length), u32(offset), u16(0)])
  return Buffer.concat([...locals, all, end])
}

const xml = (text: string) => `<?xml version="1.0" encoding="UTF-8"?>${text}`
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

const types = (overrides: Readonly<Record<string, string>>) =>
  xml(
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">" +
      "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>" +
      "<Default Extension=\"xml\" ContentType=\"application/xml\"/>" +
      Object.entries(overrides).map(([part, type]) =>
        `<Override PartName="${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}+xml"/>`
      ).join("") + "</Types>"
  )

const relations = (of: ReadonlyArray<readonly [kind: string, target: string]>) =>
  xml(
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" +
      of.map(([kind, target], at) => `<Relationship Id="rId${at + 1}" Type="${office}/${kind}" Target="${target}"/>`)
        .join("") +
      "</Relationships>"
  )

const paragraph = (text: string, style?: string) =>
  `<w:p>${style === undefined ? "" : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}<w:r><w:t>${text}</w:t></w:r></w:p>`

/** A heading, a paragraph, a table, and another heading with a paragraph. */
export const docx = (more: Readonly<Record<string, string | Uint8Array>> = {}, options: ZipOptions = {}): Buffer =>
  zip({
    "[Content_Types].xml": types({ "/word/document.xml": "wordprocessingml.document.main" }),
    "_rels/.rels": relations([["officeDocument", "word/document.xml"]]),
    "word/document.xml": xml(
      "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>" +
        paragraph("Weather", "Heading1") + paragraph("Oslo is cold &amp; wet.") +
        `<w:tbl><w:tr><w:tc>${paragraph("City")}</w:tc><w:tc>${paragraph("Degrees")}</w:tc></w:tr>` +
        `<w:tr><w:tc>${paragraph("Oslo")}</w:tc><w:tc>${paragraph("-3")}</w:tc></w:tr></w:tbl>` +
        paragraph("Food", "Heading2") + paragraph("Eat fish.") + "</w:body></w:document>"
    ),
    ...more
  }, options)

export const xlsx = (): Buffer =>
  zip({
    "[Content_Types].xml": types({
      "/xl/workbook.xml": "spreadsheetml.sheet.main",
      "/xl/worksheets/sheet1.xml": "spreadsheetml.worksheet"
    }),
    "_rels/.rels": relations([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": xml(
      `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}">` +
        "<sheets><sheet name=\"Cities\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    ),
    "xl/_rels/workbook.xml.rels": relations([["worksheet", "worksheets/sheet1.xml"]]),
    "xl/worksheets/sheet1.xml": xml(
      "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>" +
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>City</t></is></c>" +
        "<c r=\"B1\" t=\"inlineStr\"><is><t>Degrees</t></is></c></row>" +
        "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>Oslo</t></is></c><c r=\"B2\"><v>-3</v></c></row>" +
        "</sheetData></worksheet>"
    )
  })

const presentation = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" " +
  `xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="${office}"`

export const pptx = (slides: ReadonlyArray<string>): Buffer =>
  zip({
    "[Content_Types].xml": types({ "/ppt/presentation.xml": "presentationml.presentation.main" }),
    "_rels/.rels": relations([["officeDocument", "ppt/presentation.xml"]]),
    "ppt/presentation.xml": xml(
      `<p:presentation ${presentation}><p:sldIdLst>` +
        slides.map((_, at) => `<p:sldId id="${256 + at}" r:id="rId${at + 1}"/>`).join("") +
        "</p:sldIdLst></p:presentation>"
    ),
    "ppt/_rels/presentation.xml.rels": relations(slides.map((_, at) => ["slide", `slides/slide${at + 1}.xml`])),
    ...Object.fromEntries(slides.map((text, at) => [
      `ppt/slides/slide${at + 1}.xml`,
      xml(
        `<p:sld ${presentation}><p:cSld><p:spTree><p:sp><p:txBody><a:bodyPr/><a:p><a:r><a:t>${text}</a:t></a:r></a:p>` +
          "</p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
      )
    ]))
  })

const openDocument = (kind: string, body: string): Buffer => {
  const mime = `application/vnd.oasis.opendocument.${kind}`
  const name = (part: string) => `xmlns:${part}="urn:oasis:names:tc:opendocument:xmlns:${part}:1.0"`
  const names = ["office", "text", "table"].map(name).join(" ")
  return zip({
    mimetype: mime,
    "content.xml": xml(
      `<office:document-content ${names} xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0">` +
        `<office:body>${body}</office:body></office:document-content>`
    ),
    "META-INF/manifest.xml": xml(
      `<manifest:manifest ${
        name("manifest")
      }><manifest:file-entry manifest:full-path="/" manifest:media-type="${mime}"/>` +
        "</manifest:manifest>"
    )
  })
}

export const odt = () =>
  openDocument(
    "text",
    "<office:text><text:h text:outline-level=\"1\">Weather</text:h><text:p>Oslo is cold.</text:p></office:text>"
  )

export const ods = () =>
  openDocument(
    "spreadsheet",
    "<office:spreadsheet><table:table table:name=\"Cities\"><table:table-row>" +
      "<table:table-cell office:value-type=\"string\"><text:p>Oslo</text:p></table:table-cell>" +
      "<table:table-cell office:value-type=\"float\" office:value=\"-3\"><text:p>-3</text:p></table:table-cell>" +
      "</table:table-row></table:table></office:spreadsheet>"
  )

export const odp = () =>
  openDocument(
    "presentation",
    "<office:presentation><draw:page draw:name=\"page1\"><draw:frame><draw:text-box><text:p>First slide</text:p>" +
      "</draw:text-box></draw:frame></draw:page></office:presentation>"
  )

/** A PDF with a page for each text; `trailer` stands in its trailer, as `/Encrypt` does. */
export const pdf = (pages: ReadonlyArray<string>, trailer = ""): Buffer => {
  const kids = pages.map((_, at) => `${4 + at * 2} 0 R`).join(" ")
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...pages.flatMap((text, at) => {
      const content = text === "" ? "" : `BT /F1 12 Tf 72 700 Td (${text.replaceAll(/[()\\]/g, "\\$&")}) Tj ET`
      return [
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> " +
        `/Contents ${5 + at * 2} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`
      ]
    })
  ]
  let text = "%PDF-1.4\n"
  const offsets = objects.map((object, at) => {
    const offset = text.length
    text += `${at + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("")
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}` +
    `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${text.length}\n%%EOF\n`
  return Buffer.from(text + end, "latin1")
}

/** The same, for whoever has the password: nobody here. */
export const encryptedPdf = () =>
  pdf(
    ["secret"],
    `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${"ab".repeat(32)}> /U <${"cd".repeat(32)}> >> ` +
      `/ID [<${"00".repeat(16)}> <${"00".repeat(16)}>]`
  )
