//! Random histories of acts, after which the register is as lawful as before.

use crate::acts::{COUNTY, DIVISION, basis, desk, found, holds, post, set};
use crate::harness::register::{pick, seeds, world};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use tiaokuai::act::{Act, Object, OrganizationCorrection, carry_out};
use tiaokuai::domain::{CodeList, Day, EstablishmentType, InstitutionRank, OrganizationKind};
use tiaokuai::snapshot::Snapshot;
use tiaokuai::store::{Desk, Rows, State, entity};

/// Approved and occupied posts of a type in the whole county on a day.
fn sum(desk: &Desk, kind: EstablishmentType, day: &str) -> (i32, i32) {
    let rows = desk.establishment.iter().filter(|row| row.kind == kind.value());
    let now = rows.filter(|row| holds(row.valid_from.as_deref(), row.valid_to.as_deref(), day));
    now.fold((0, 0), |(a, o), row| (a + row.approved, o + row.occupied))
}

/// What has to hold after every history: rows that hold one after the other, bodies that are gone hold nothing, and a register that
/// can be read.
fn lawful(desk: &Desk, day: &str, seed: u64) {
    let after = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(to), Some(from)) => to <= from,
        _ => false,
    };
    let versions: Vec<_> = desk.organization_version.iter().collect();
    for pair in versions.windows(2).filter(|pair| pair[0].organization_id == pair[1].organization_id) {
        assert!(after(&pair[0].valid_to, &pair[1].valid_from), "seed {seed}: {pair:?}");
    }
    let numbers: Vec<_> = desk.establishment.iter().collect();
    for pair in numbers.windows(2) {
        if (pair[0].organization_id, &pair[0].kind) == (pair[1].organization_id, &pair[1].kind) {
            assert!(after(&pair[0].valid_to, &pair[1].valid_from), "seed {seed}: {pair:?}");
        }
    }
    let gone: BTreeSet<i64> = desk
        .organization
        .iter()
        .filter(|o| o.valid_to.as_deref().is_some_and(|to| to <= day))
        .map(|o| o.id)
        .collect();
    let held = numbers.iter().filter(|e| holds(e.valid_from.as_deref(), e.valid_to.as_deref(), day));
    for row in held.filter(|e| gone.contains(&e.organization_id)) {
        assert_eq!((row.approved, row.occupied), (0, 0), "seed {seed}: {row:?}");
    }
    let posts = desk.leadership_post.iter();
    for row in posts.filter(|p| holds(p.valid_from.as_deref(), p.valid_to.as_deref(), day)) {
        assert!(!gone.contains(&row.organization_id), "seed {seed}: {row:?}");
    }
    for row in versions.iter().filter(|v| holds(v.valid_from.as_deref(), v.valid_to.as_deref(), day)) {
        assert!(row.parent_id.is_none_or(|parent| !gone.contains(&parent)), "seed {seed}: {row:?}");
    }
}

fn random_act(rng: &mut ChaCha8Rng, bodies: &[entity::organization::Model], posts: &[i64]) -> Act {
    use EstablishmentType as E;
    let mut body = || Object::Id(bodies[pick(rng, bodies)].id);
    let (a, b, c) = (body(), body(), body());
    let number = i32::try_from(rng.next_u32() % 12).unwrap();
    let kind = [E::Administrative, E::PublicInstitution, E::Worker][pick(rng, &[(); 3])];
    match rng.next_u32() % 14 {
        0 => {
            let kinds = [
                OrganizationKind::PublicInstitution,
                OrganizationKind::InternalOffice,
                OrganizationKind::SecondedAgency,
            ];
            Act::OrganizationEstablish(found(
                kinds[pick(rng, &kinds)],
                &format!("新设{}站", rng.next_u32() % 40),
            ))
        }
        1 => Act::OrganizationRename { organization: a, name: format!("更名{number}"), short_name: None },
        2 => Act::OrganizationRerank { organization: a, rank: InstitutionRank::Unranked },
        3 | 4 => Act::OrganizationTransfer { organization: a, successor: b },
        5 => Act::OrganizationMerge { organizations: vec![a, b], into: c },
        6 => Act::OrganizationAbolish { organization: a },
        7 | 8 => set(a, kind, number, number.min(3)),
        9 => Act::EstablishmentTransfer { from: a, to: b, kind, approved: number, occupied: number / 2 },
        10 => post(a, "副主任"),
        11 => Act::OrganizationCorrect {
            organization: a,
            correction: Box::new(OrganizationCorrection {
                name: Some(format!("更正{number}")),
                functions: Some(String::new()),
                ..OrganizationCorrection::default()
            }),
        },
        12 => Act::EstablishmentCorrect { organization: a, kind, approved: Some(number), occupied: None },
        _ => Act::LeadershipPostClose { post: Object::Id(posts[pick(rng, posts)]) },
    }
}

#[test]
fn random_histories_stay_lawful() {
    let (seed, cases) = seeds(400);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut desk = desk();
    let (mut carried, mut problems) = (0, BTreeMap::<&str, usize>::new());
    let first = Day::parse("2026-12-01").unwrap().0;
    for case in 0..cases {
        let day = Day(first + i32::try_from(case / 4).unwrap()).to_string();
        let of_town: BTreeSet<i64> = desk
            .organization_version
            .iter()
            .filter(|v| v.division_code == DIVISION && v.valid_to.is_none())
            .map(|v| v.organization_id)
            .collect();
        let bodies: Vec<_> = desk.organization.iter().filter(|o| of_town.contains(&o.id)).cloned().collect();
        let posts: Vec<i64> = desk.leadership_post.iter().map(|p| p.id).collect();
        let count = 1 + rng.next_u32() % 3;
        let acts: Vec<Act> = (0..count).map(|_| random_act(&mut rng, &bodies, &posts)).collect();
        let before = sum(&desk, EstablishmentType::Administrative, &day);
        let mut copy = desk.clone();
        match carry_out(&mut copy, &basis(&day), &acts) {
            Ok(_) => {
                carried += 1;
                let sets = acts.iter().any(|act| {
                    matches!(act, Act::EstablishmentSet { .. } | Act::EstablishmentCorrect { .. })
                });
                if !sets {
                    let after = sum(&copy, EstablishmentType::Administrative, &day);
                    assert_eq!(before, after, "seed {seed}, case {case}: {acts:?}");
                }
                lawful(&copy, &day, seed);
                desk = copy;
            }
            Err(all) => {
                for (_, notice) in all {
                    *problems.entry(notice.code.value()).or_default() += 1;
                }
            }
        }
    }
    println!("{carried} of {cases} carried out; refused: {problems:?}");
    assert!(carried * 5 > cases && problems.len() >= 5, "seed {seed}: {carried} {problems:?}");
    // The register can still be read as a whole.
    let mut rows = world();
    let mut shards: BTreeMap<i32, Rows> = std::mem::take(&mut rows).split();
    shards.insert(COUNTY, desk.rows());
    let mut rows = Rows::default();
    shards.into_values().for_each(|shard| rows.append(shard));
    let state = State { revision: 1, synthetic: true, secret: [7; 16] };
    Snapshot::build(state, rows).unwrap_or_else(|e| panic!("seed {seed}: {}", e.0));
}
