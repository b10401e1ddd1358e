//! Inputs of acts on divisions and setting patterns.

use super::{ActInput, How};
use crate::act::Act;
use crate::domain::DivisionCode;
use crate::graph::mutation::opening::{Opening, What};
use crate::policy::Stop;
use async_graphql::{ID, InputObject};

acts! {
    How;

    /// A setting pattern holds for a township (确定设置模式).
    SettingPatternAssignAct, SettingPatternAssignInput {
        /// The township (乡镇、街道).
        township: ID,
        /// The pattern (设置模式).
        setting_pattern: ID,
    } |input, open| Ok(Act::SettingPatternAssign {
        township: open.object("township", &input.township, What::Organization)?,
        pattern: open.mention("settingPattern", &input.setting_pattern, What::SettingPattern)?,
    });

    /// A division gets another name, or another code, such as when a township becomes a town (撤乡设镇). It stays the same division, and
    /// its bodies stay in it.
    DivisionChangeAct, DivisionChangeInput {
        /// The division (行政区划).
        division: ID,
        /// Its new code (新代码); the same when absent.
        code: Option<DivisionCode>,
        /// Its name from then on (新名称).
        name: String,
    } |input, open| Ok(Act::DivisionChange {
        division: open.object("division", &input.division, What::Division)?,
        code: input.code,
        name: input.name.clone(),
    });

    /// Divisions in which nothing sits any more end, and another takes in their land (区划合并).
    DivisionMergeAct, DivisionMergeInput {
        /// The divisions that end (被合并区划).
        divisions: Vec<ID>,
        /// The division that stays (合并后区划).
        into: ID,
    } |input, open| Ok(Act::DivisionMerge {
        divisions: open.objects("divisions", &input.divisions, What::Division)?,
        into: open.object("into", &input.into, What::Division)?,
    });
}
