// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a test needs to know of an SVG or XML document: whether it is well-formed, and what is in
/// it.
final class SVGDocument: NSObject, XMLParserDelegate {
  /// Names of all elements, in their order.
  private(set) var elements: [String] = []
  /// Attributes of all elements, in the same order.
  private(set) var attributes: [[String: String]] = []
  /// The content of all text elements.
  private(set) var texts: [String] = []
  private var open: String?

  /// Nil where the text is not well-formed.
  init?(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else { return nil }
  }

  func count(_ name: String) -> Int { elements.count { $0 == name } }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append(name)
    self.attributes.append(attributes)
    open = name == "text" ? "" : nil
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    open? += text
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "text", let open { texts.append(open) }
    open = nil
  }
}
