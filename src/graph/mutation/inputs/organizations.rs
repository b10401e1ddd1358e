//! Inputs of acts on organisations, their establishment and their posts.

use super::{ActInput, How};
use crate::act::{Act, NewOrganization, NewPost};
use crate::domain::{
    AgencyKind, DivisionCode, EstablishmentType, InstitutionRank, ManagementMode, OrganizationCategory,
    OrganizationField, OrganizationKind, PostLevel, PostPosition, PublicInstitutionClass, TownshipOrgan,
};
use crate::graph::engine::Code;
use crate::graph::mutation::opening::{Opening, What};
use crate::policy::Stop;
use async_graphql::{ID, InputObject};

acts! {
    How;

    /// A body is founded (设立机构).
    OrganizationEstablishAct, OrganizationEstablishInput {
        /// Code of the division in which it sits (所在行政区划代码), such as 990101101.
        division_code: DivisionCode,
        /// Its kind (机构类别): INTERNAL_OFFICE, PUBLIC_INSTITUTION or SECONDED_AGENCY.
        kind: Code<OrganizationKind>,
        /// Its name (机构名称), at most 60 characters.
        name: String,
        /// Its short name (简称).
        short_name: Option<String>,
        /// The body that owns it (隶属机构): the township of an office or an institution.
        parent: Option<ID>,
        /// Its rank (机构规格).
        rank: Option<Code<InstitutionRank>>,
        /// Its form (机构形态).
        category: Option<Code<OrganizationCategory>>,
        /// Its field (工作领域).
        field: Option<Code<OrganizationField>>,
        /// Whether it fills a featured slot (特色机构); false when absent.
        #[graphql(default)]
        featured: bool,
        /// Class of an institution (事业单位分类).
        class: Option<Code<PublicInstitutionClass>>,
        /// Kind of an agency (派驻机构类别).
        agency_kind: Option<Code<AgencyKind>>,
        /// Management mode of an agency (管理体制).
        management_mode: Option<Code<ManagementMode>>,
        /// Its duties (主要职责).
        functions: Option<String>,
        /// Whether the public may see it (是否公开); true when absent.
        #[graphql(default = true)]
        disclosed: bool,
    } |input, open| {
        open.in_division("divisionCode", input.division_code)?;
        let parent = input.parent.as_ref().map(|id| open.object("parent", id, What::Organization)).transpose()?;
        Ok(Act::OrganizationEstablish(NewOrganization {
            division: input.division_code,
            kind: input.kind.0,
            name: input.name.clone(),
            short_name: input.short_name.clone(),
            parent,
            rank: input.rank.map(|code| code.0),
            category: input.category.map(|code| code.0),
            field: input.field.map(|code| code.0),
            featured: input.featured,
            class: input.class.map(|code| code.0),
            agency_kind: input.agency_kind.map(|code| code.0),
            management_mode: input.management_mode.map(|code| code.0),
            functions: input.functions.clone(),
            disclosed: input.disclosed,
        }))
    };

    /// A body gets another name (机构更名).
    OrganizationRenameAct, OrganizationRenameInput {
        /// The body (机构).
        organization: ID,
        /// Its new name (新名称), at most 60 characters.
        name: String,
        /// Its new short name (新简称); none when absent.
        short_name: Option<String>,
    } |input, open| Ok(Act::OrganizationRename {
        organization: open.object("organization", &input.organization, What::Organization)?,
        name: input.name.clone(),
        short_name: input.short_name.clone(),
    });

    /// A body gets another rank (调整机构规格).
    OrganizationRerankAct, OrganizationRerankInput {
        /// The body (机构).
        organization: ID,
        /// Its new rank (新规格).
        rank: Code<InstitutionRank>,
    } |input, open| Ok(Act::OrganizationRerank {
        organization: open.object("organization", &input.organization, What::Organization)?,
        rank: input.rank.0,
    });

    /// A body ends, and another takes over its establishment, its posts with those who hold them, and the bodies below it (机构划转): such
    /// as the institution of a township what a seconded agency held.
    OrganizationTransferAct, OrganizationTransferInput {
        /// The body that ends (划出机构).
        organization: ID,
        /// Its successor (承接机构).
        successor: ID,
    } |input, open| Ok(Act::OrganizationTransfer {
        organization: open.object("organization", &input.organization, What::Organization)?,
        successor: open.object("successor", &input.successor, What::Organization)?,
    });

    /// Bodies end, and one takes over all that they hold (机构合并).
    OrganizationMergeAct, OrganizationMergeInput {
        /// The bodies that end (被合并机构), two or more.
        organizations: Vec<ID>,
        /// The body that takes over (合并后机构).
        into: ID,
    } |input, open| Ok(Act::OrganizationMerge {
        organizations: open.objects("organizations", &input.organizations, What::Organization)?,
        into: open.object("into", &input.into, What::Organization)?,
    });

    /// A body that holds nothing any more ends, and others come out of it (机构分设).
    OrganizationSplitAct, OrganizationSplitInput {
        /// The body that ends (被分设机构).
        organization: ID,
        /// The bodies that come out of it (分设后机构), two or more.
        into: Vec<ID>,
    } |input, open| Ok(Act::OrganizationSplit {
        organization: open.object("organization", &input.organization, What::Organization)?,
        into: open.objects("into", &input.into, What::Organization)?,
    });

    /// A body ends that holds nothing (撤销机构).
    OrganizationAbolishAct, OrganizationAbolishInput {
        /// The body (机构).
        organization: ID,
    } |input, open| Ok(Act::OrganizationAbolish { organization: open.object("organization", &input.organization, What::Organization)? });

    /// Posts of a type of establishment are approved for a body (核定编制).
    EstablishmentSetAct, EstablishmentSetInput {
        /// The body (机构).
        organization: ID,
        /// Type of establishment (编制类型).
        establishment_type: Code<EstablishmentType>,
        /// Approved posts (核定编制数). Unit: posts (个).
        approved: i32,
        /// Occupied posts (实有人数); as before when absent. Unit: posts (个).
        occupied: Option<i32>,
    } |input, open| Ok(Act::EstablishmentSet {
        organization: open.object("organization", &input.organization, What::Organization)?,
        kind: input.establishment_type.0,
        approved: input.approved,
        occupied: input.occupied,
    });

    /// Posts of a type move from a body to another (划转编制). A type never becomes another.
    EstablishmentTransferAct, EstablishmentTransferInput {
        /// From this body (划出机构).
        from: ID,
        /// To this one (划入机构).
        to: ID,
        /// Type of establishment (编制类型).
        establishment_type: Code<EstablishmentType>,
        /// Approved posts that move (划转编制数). Unit: posts (个).
        approved: i32,
        /// Occupied posts that move with them (划转人数); none when absent. Unit: posts (个).
        #[graphql(default)]
        occupied: i32,
    } |input, open| Ok(Act::EstablishmentTransfer {
        from: open.object("from", &input.from, What::Organization)?,
        to: open.object("to", &input.to, What::Organization)?,
        kind: input.establishment_type.0,
        approved: input.approved,
        occupied: input.occupied,
    });

    /// A leadership post is created (设置领导职数).
    LeadershipPostCreateAct, LeadershipPostCreateInput {
        /// The body (机构).
        organization: ID,
        /// The organ of the township that it belongs to (所属领导班子); none when absent.
        organ: Option<Code<TownshipOrgan>>,
        /// Its title (职务名称), at most 40 characters.
        title: String,
        /// Principal or deputy (正副职).
        position: Code<PostPosition>,
        /// Its level (职务层次).
        level: Code<PostLevel>,
        /// How many may hold it (职数); one when absent. Unit: posts (职).
        #[graphql(default = 1)]
        quota: i32,
    } |input, open| Ok(Act::LeadershipPostCreate(NewPost {
        organization: open.object("organization", &input.organization, What::Organization)?,
        organ: input.organ.map(|code| code.0),
        title: input.title.clone(),
        position: input.position.0,
        level: input.level.0,
        quota: input.quota,
    }));

    /// A leadership post is closed that nobody holds (核销领导职数).
    LeadershipPostCloseAct, LeadershipPostCloseInput {
        /// The post (领导职务).
        leadership_post: ID,
    } |input, open| Ok(Act::LeadershipPostClose { post: open.object("leadershipPost", &input.leadership_post, What::LeadershipPost)? });
}
