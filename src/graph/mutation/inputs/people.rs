//! Inputs of acts on persons and their appointments.

use super::{ActInput, How};
use crate::act::{Act, NewAppointment, NewPerson, Object, Past, Step};
use crate::domain::{
    AppointmentKind, AppointmentMode, ConsultationKind, Day, DivisionCode, PersonnelIdentity,
};
use crate::graph::engine::Code;
use crate::graph::mutation::opening::{Opening, What};
use crate::policy::Stop;
use async_graphql::{ID, InputObject};

acts! {
    How;

    /// Somebody is added to the register of a county (人员登记).
    PersonAddAct, PersonAddInput {
        /// Code of the county (县级行政区划代码), such as 990101.
        county_code: DivisionCode,
        /// Name (姓名), at most 40 characters.
        name: String,
        /// Personnel identity (人员身份).
        identity: Option<Code<PersonnelIdentity>>,
        /// Date of birth (出生日期).
        birth_date: Option<Day>,
        /// Identity number (身份证件号码).
        id_number: Option<String>,
    } |input, open| {
        open.in_county("countyCode", input.county_code)?;
        Ok(Act::PersonAdd(NewPerson {
            shard: input.county_code.shard().cast_signed(),
            name: input.name.clone(),
            identity: input.identity.map(|code| code.0),
            birth_date: input.birth_date,
            id_number: input.id_number.clone(),
        }))
    };

    /// Somebody is proposed for a post (动议提名).
    AppointmentProposeAct, AppointmentProposeInput {
        /// The post (领导职务).
        leadership_post: ID,
        /// The person (人员).
        person: ID,
        /// Promotion, move, … (任职类型).
        kind: Code<AppointmentKind>,
        /// Elected, appointed, engaged (任职方式).
        mode: Code<AppointmentMode>,
        /// Held beside another post (是否兼任); false when absent.
        #[graphql(default)]
        concurrent: bool,
        /// Who nominates (提名机关).
        nominator: Option<String>,
    } |input, open| Ok(Act::AppointmentPropose(NewAppointment {
        post: open.object("leadershipPost", &input.leadership_post, What::LeadershipPost)?,
        person: open.mention("person", &input.person, What::Person)?,
        kind: input.kind.0,
        mode: input.mode.0,
        concurrent: input.concurrent,
        nominator: input.nominator.clone(),
    }));

    /// An appointment is registered that was decided before (登记任职): somebody holds the post since the day, or held it.
    AppointmentRecordAct, AppointmentRecordInput {
        /// The post (领导职务).
        leadership_post: ID,
        /// The person (人员).
        person: ID,
        /// Promotion, move, … (任职类型).
        kind: Code<AppointmentKind>,
        /// Elected, appointed, engaged (任职方式).
        mode: Code<AppointmentMode>,
        /// Held beside another post (是否兼任); false when absent.
        #[graphql(default)]
        concurrent: bool,
        /// The day on which the post was left (免职日期); none while it is held.
        left_on: Option<Day>,
    } |input, open| Ok(Act::AppointmentRecord(Past {
        appointment: NewAppointment {
            post: open.object("leadershipPost", &input.leadership_post, What::LeadershipPost)?,
            person: open.mention("person", &input.person, What::Person)?,
            kind: input.kind.0,
            mode: input.mode.0,
            concurrent: input.concurrent,
            nominator: None,
        },
        to: input.left_on,
    }));

    /// The township is heard before an appointment (征求乡镇意见): an opinion advises, a consent that is asked for decides.
    AppointmentConsultAct, AppointmentConsultInput {
        /// The appointment (任职).
        appointment: ID,
        /// Opinion or consent (征求方式).
        kind: Code<ConsultationKind>,
    } |input, open| step(open, &input.appointment, Step::Consult(input.kind.0));

    /// The township answers (乡镇答复). A consent begins with 同意. Only the leader of the township answers.
    AppointmentAnswerAct, AppointmentAnswerInput {
        /// The appointment (任职).
        appointment: ID,
        /// What it answers (答复内容), at most 200 characters.
        answer: String,
    } |input, open| Ok(Act::AppointmentAnswer {
        appointment: open.object("appointment", &input.appointment, What::Appointment)?,
        answer: input.answer.clone(),
    });

    /// An appointment is discussed and decided (讨论决定).
    AppointmentDiscussAct, AppointmentDiscussInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Discuss);

    /// An appointment is put on public notice (任前公示).
    AppointmentPubliciseAct, AppointmentPubliciseInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Publicise);

    /// The person takes up the post on the day (任职).
    AppointmentTakeUpAct, AppointmentTakeUpInput {
        /// The appointment (任职).
        appointment: ID,
        /// Who decided (任命机关).
        appointer: Option<String>,
    } |input, open| step(open, &input.appointment, Step::Appoint(input.appointer.clone()));

    /// Probation begins (试用).
    AppointmentProbationAct, AppointmentProbationInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Probation);

    /// The person is confirmed after probation (试用期满任职).
    AppointmentConfirmAct, AppointmentConfirmInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Confirm);

    /// A proposal is dropped (撤回).
    AppointmentWithdrawAct, AppointmentWithdrawInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Withdraw);

    /// The person leaves the post on the day (免职).
    AppointmentRemoveAct, AppointmentRemoveInput {
        /// The appointment (任职).
        appointment: ID,
    } |input, open| step(open, &input.appointment, Step::Remove);
}

fn step(open: &mut Opening<'_>, appointment: &ID, step: Step) -> Result<Act, Stop> {
    let appointment: Object = open.object("appointment", appointment, What::Appointment)?;
    Ok(Act::AppointmentStep { appointment, step })
}
