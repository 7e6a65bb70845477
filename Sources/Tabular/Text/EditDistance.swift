// SPDX-License-Identifier: Apache-2.0

/// Limit on the length of the texts to compare.
private let maxCharactersCompared = 200

/// The Levenshtein distance of the first 200 characters of two texts. O(length²).
func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (
    Array(a.prefix(maxCharactersCompared)), Array(b.prefix(maxCharactersCompared))
  )
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let above = row[j + 1]
      row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
      diagonal = above
    }
  }
  return row[b.count]
}
