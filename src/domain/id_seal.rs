//! The seal of global ids: a block cipher, so that an id tells nothing of its neighbours.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Block};

/// The secret of a register, made ready.
#[derive(Debug, Clone)]
pub struct IdSeal(Aes128);

impl IdSeal {
    /// Makes a secret ready.
    #[must_use]
    pub fn new(secret: &[u8; 16]) -> Self {
        Self(Aes128::new(secret.into()))
    }

    /// Seals a block.
    #[must_use]
    pub fn close(&self, block: [u8; 16]) -> [u8; 16] {
        let mut block = Block::from(block);
        self.0.encrypt_block(&mut block);
        block.into()
    }

    /// Opens a block.
    #[must_use]
    pub fn open(&self, block: [u8; 16]) -> [u8; 16] {
        let mut block = Block::from(block);
        self.0.decrypt_block(&mut block);
        block.into()
    }
}
