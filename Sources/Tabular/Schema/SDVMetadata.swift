// SPDX-License-Identifier: Apache-2.0

import Foundation

/// SDV's metadata JSON, version 1, of a single table or of a multi-table set with one table.
struct SDVMetadata {
  let path: String
  let root: [String: Any]

  /// The equivalent schema. Personal data (`pii`, names, addresses, ...) become ids, which are not
  /// modeled.
  func schema() throws(TabularError) -> Schema {
    let hint = "this program reads SDV's metadata of a single table, version 1"
    let specification = root["METADATA_SPEC_VERSION"] as? String
    var table = root
    if specification == "V1" || specification == "MULTI_TABLE_V1" {
      guard let tables = root["tables"] as? [String: Any], tables.count == 1,
        let only = tables.first?.value as? [String: Any]
      else {
        throw .malformed(
          path: path, line: nil, problem: "the metadata describe several tables", hint: hint)
      }
      table = only
    } else if specification != "SINGLE_TABLE_V1" {
      throw .malformed(
        path: path, line: nil,
        problem: "METADATA_SPEC_VERSION is '\(specification ?? "not a text")'", hint: hint)
    }
    guard let columns = table["columns"] as? [String: Any] else {
      throw .malformed(path: path, line: nil, problem: "there are no columns", hint: hint)
    }
    let primaryKey = table["primary_key"] as? String
    var result: [ColumnSchema] = []
    for (name, value) in columns.sorted(by: { $0.key < $1.key }) {
      guard let column = value as? [String: Any], let type = column["sdtype"] as? String else {
        throw .malformed(
          path: path, line: nil, problem: "column '\(name)' has no sdtype", hint: hint)
      }
      var schema = ColumnSchema(name: name, kind: try kind(type, column, name: name))
      if name == primaryKey { schema.kind = .id }
      if schema.kind == .datetime, let format = column["datetime_format"] as? String {
        schema.datetimeFormat = try datetimeFormat(format, column: name)
      }
      result.append(schema)
    }
    return Schema(columns: result)
  }

  private func kind(
    _ type: String, _ column: [String: Any], name: String
  ) throws(TabularError) -> ColumnKind {
    switch type {
    case "numerical":
      let representation = column["computer_representation"] as? String ?? ""
      return representation.hasPrefix("Int") || representation.hasPrefix("UInt")
        ? .integer : .continuous
    case "categorical": return .categorical
    case "boolean": return .boolean
    case "datetime": return .datetime
    case _ where Self.keysAndPersonalData.contains(type): return .id
    default:
      let near = ["numerical", "categorical", "boolean", "datetime"].first {
        editDistance(type.lowercased(), $0) <= 2
      }
      throw .malformed(
        path: path, line: nil,
        problem: "column '\(name)' has the sdtype '\(type)', which is not known",
        hint: near.map { "did you mean \($0)?" }
          ?? "declare it numerical, categorical, boolean or datetime, or as id where its values are keys "
          + "or personal data")
    }
  }

  /// The sdtypes whose values are random, not learned: the "domain-specific concepts" in SDV's
  /// documentation, and the most common others of its providers.
  private static let keysAndPersonalData: Set = [
    "id", "text", "unknown", "pii",
    "name", "first_name", "last_name", "prefix", "suffix", "ssn", "phone_number", "email",
    "company_email", "free_email", "user_name", "password", "date_of_birth", "job", "company",
    "address", "street_address", "secondary_address", "street_name", "building_number", "city",
    "administrative_unit", "state", "state_abbr", "country", "country_code", "postcode", "zipcode",
    "latitude", "longitude", "coordinate",
    "ipv4", "ipv4_address", "ipv6", "ipv6_address", "mac_address", "user_agent",
    "user_agent_string",
    "url", "uri", "domain_name", "hostname", "uuid4",
    "credit_card_number", "iban", "bban", "swift", "swift8", "swift11", "bank_country",
    "license_plate",
    "vin",
  ]

  private func datetimeFormat(_ format: String, column: String) throws(TabularError)
    -> DatetimeFormat
  {
    switch StrptimeFormat.pattern(format) {
    case .success(let result): return result
    case .failure(let problem):
      let reason =
        switch problem {
        case .directive(let text): "'\(text)' in it cannot be read"
        case .noTime: "it describes neither a date nor a time of day"
        }
      throw .malformed(
        path: path, line: nil,
        problem: "column '\(column)' has the datetime_format '\(format)', and \(reason)",
        hint: "week numbers and seconds since 1970 are not supported; without a datetime_format it "
          + "is found from the data")
    }
  }
}
