import ArgumentParser
@main struct Tabgan: ParsableCommand {}
